// Fields of a sequence's entry in the table of a step.
#define SEQUENCE_WORDS 8u
#define FIRST_ROW 0u
#define ROW_COUNT 1u
#define FIRST_PAGE 2u
#define CACHED_LENGTH 4u
#define FIRST_POSITION 5u
#define POSITION_SHIFT 6u

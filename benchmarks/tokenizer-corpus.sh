#!/usr/bin/env bash
# Writes a text to compare tokenizers on: Debian's translated manual pages, translations of names and locale data, source code of this repository, and generated Unicode and emoji.
# The text is not kept in the repository; this makes it anew. Needs apt (Debian or Ubuntu), perl and gzip.
# Usage: benchmarks/tokenizer-corpus.sh FILE [MEGABYTES]
# No pipefail: head ends before what feeds it.
set -eu
[ $# -ge 1 ] || { sed -n '2,4p' "$0" | cut -c3-; exit 2; }
target=$(realpath -m "$1") megabytes=${2:-10}
repository=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages="manpages-de manpages-fr manpages-es manpages-pl manpages-ru manpages-uk manpages-el manpages-vi manpages-ja manpages-zh iso-codes locales"

cd "$work"
for package in $packages; do
  apt-get download "$package" >/dev/null 2>&1 || { echo "no package $package: left out" >&2; continue; }
  dpkg-deb -x "$package"_*.deb files && rm "$package"_*.deb
done

# So many bytes of some files each, cut at a line, so that no language drowns the others.
part() { head -c "$1" | perl -0777 -pe 's/[^\n]*\z//'; }
for language in de fr es pl ru uk el vi ja zh_CN zh_TW; do
  folder=files/usr/share/man/$language
  [ -d "$folder" ] || continue
  find "$folder" -name '*.gz' | LC_ALL=C sort | xargs -r zcat 2>/dev/null | perl -CSD -ne 'print unless /^\.(\\"|so)/' 2>/dev/null | part 400000
done > prose
find files/usr/share/locale -name 'iso_639-*.mo' -o -name 'iso_3166-1.mo' | LC_ALL=C sort | while read -r file; do
  # The strings of a catalogue end with a zero; its tables are no UTF-8, or no words.
  perl -MEncode -0777 -ne 'for (split /\0/) { my $t = eval { decode("UTF-8", $_, 1) }; print encode("UTF-8", $t), "\n" if defined $t && $t =~ /\pL\pL/ }' "$file" | part 40000
done > names
find files/usr/share/i18n/locales -type f | LC_ALL=C sort | xargs -r cat | part 1000000 > locales
find "$repository/src" "$repository/plugins" -name '*.cs' -not -path '*/obj/*' | LC_ALL=C sort | xargs cat | part 2000000 > code
perl -CSD -e '
  srand(1);
  my @ranges = ([0x20,0x7e],[0xa1,0x24f],[0x370,0x5ff],[0x600,0x6ff],[0x900,0xdff],[0xe01,0xe5b],[0x10a0,0x10ff],[0x1100,0x11ff],[0x1e00,0x1fff],[0x2010,0x27bf],[0x3040,0x30ff],
    [0x4e00,0x9fff],[0xac00,0xd7a3],[0xff01,0xff5e],[0x10400,0x1044f],[0x1d400,0x1d7ff],[0x1f300,0x1faff],[0x20000,0x2a6df]);
  my @blanks = (" ", " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "   ", "\x{a0}", "\x{3000}");
  my $written = 0;
  while ($written < 1500000) {
    my $range = $ranges[rand @ranges];
    my $word = join "", map { chr($range->[0] + int rand($range->[1] - $range->[0] + 1)) } 1 .. 1 + int rand 9;
    $word = int(rand(10 ** (1 + int rand 9))) . ("", "px", "_", ".5", "%")[rand 5] if rand() < .1;
    $word .= ("\x{27}s", "\x{27}LL", "\x{301}", "\x{200d}", "\x{fe0f}", "~", "...", "!")[rand 8] if rand() < .15;
    my $text = $word . $blanks[rand @blanks];
    print $text;
    $written += length(Encode::encode_utf8($text));
  }' -MEncode > unicode
for ((i = 0; i < 8; i++)); do cat prose names locales code unicode; done | perl -MEncode -0777 -ne 'print Encode::encode("UTF-8", Encode::decode("UTF-8", $_))' | head -c $((megabytes * 1000000)) | perl -0777 -pe 's/[^\n]*\z//' > "$target"
wc -c "$target" >&2

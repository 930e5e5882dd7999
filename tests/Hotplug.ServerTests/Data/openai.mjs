// Speaks to a server with OpenAI's own client: node openai.mjs BASE_URL. Ends with 0 if all of it holds.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.env.HOTPLUG_NODE_MODULES + '/'));
const { default: OpenAI } = await import(pathToFileURL(require.resolve('openai')).href);
const client = new OpenAI({ baseURL: process.argv[2] + '/v1', apiKey: 'any', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Once upon a time' }];
const basis = { model: 'story', messages, temperature: 0, max_tokens: 12 };

const models = [];
for await (const model of client.models.list()) models.push(model.id);
assert.ok(models.includes('story'));

const whole = await client.chat.completions.create(basis);
assert.ok(whole.choices[0].message.content.length > 0);
assert.equal(whole.usage.completion_tokens, 12);

let text = '', finish = null, usage = null;
for await (const chunk of await client.chat.completions.create({ ...basis, stream: true, stream_options: { include_usage: true } })) {
  text += chunk.choices[0]?.delta?.content ?? '';
  finish = chunk.choices[0]?.finish_reason ?? finish;
  usage = chunk.usage ?? usage;
}
assert.equal(text, whole.choices[0].message.content);
assert.equal(finish, 'length');
assert.equal(usage.completion_tokens, 12);

const tools = [{ type: 'function', function: { name: 'bark', parameters: { type: 'object', properties: { loud: { type: 'boolean' } }, required: ['loud'], additionalProperties: false } } }];
const runner = client.chat.completions.stream({ ...basis, max_tokens: 100, tools, tool_choice: 'required' });
const called = await runner.finalChatCompletion();
assert.equal(called.choices[0].finish_reason, 'tool_calls');
assert.equal(called.choices[0].message.tool_calls[0].function.name, 'bark');
assert.equal(typeof JSON.parse(called.choices[0].message.tool_calls[0].function.arguments).loud, 'boolean');

const completion = await client.completions.create({ model: 'story', prompt: 'Once upon a time', max_tokens: 5, temperature: 0 });
assert.ok(completion.choices[0].text.length > 0);

// The client asks for Base64 and reads it, unless told otherwise.
const embedding = await client.embeddings.create({ model: 'vectors', input: ['a b', 'c'] });
assert.equal(embedding.data.length, 2);
assert.ok(Math.abs(Math.hypot(...embedding.data[0].embedding) - 1) < 1e-3);

await assert.rejects(client.chat.completions.create({ ...basis, model: 'gpt-5' }), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ ...basis, n: 0 }), OpenAI.BadRequestError);

const twice = await client.chat.completions.create({ ...basis, n: 2, temperature: 1.2, seed: 1, logprobs: true });
assert.deepEqual(twice.choices.map(choice => choice.index), [0, 1]);
assert.notEqual(twice.choices[0].message.content, twice.choices[1].message.content);
assert.equal(twice.choices[1].logprobs.content.map(token => token.token).join(''), twice.choices[1].message.content);
console.log('ok');

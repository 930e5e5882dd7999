// Speaks to a server with Ollama's own client: node ollama.mjs BASE_URL. Ends with 0 if all of it holds.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.env.HOTPLUG_NODE_MODULES + '/'));
const { Ollama } = await import(pathToFileURL(require.resolve('ollama')).href);
const client = new Ollama({ host: process.argv[2] });
const options = { temperature: 0, num_predict: 12, num_ctx: 2048 };
const messages = [{ role: 'user', content: 'Once upon a time' }];

assert.match((await client.version()).version, /^\d+\.\d+/);
const whole = await client.chat({ model: 'story', messages, options, keep_alive: '5m' });
assert.ok(whole.message.content.length > 0);
assert.equal(whole.message.role, 'assistant');
assert.equal(whole.done_reason, 'length');
assert.equal(whole.eval_count, 12);
assert.ok(whole.prompt_eval_count > 0 && whole.total_duration >= whole.eval_duration && whole.eval_duration > 0);

let text = '', last;
for await (const part of await client.chat({ model: 'story:latest', messages, options, stream: true })) {
  text += part.message.content;
  last = part;
}
assert.equal(text, whole.message.content);
assert.ok(last.done);
assert.equal(last.eval_count, 12);

const models = await client.list();
assert.ok(models.models.some(model => model.name === 'story:latest' && model.size > 1e6 && model.details.quantization_level === 'Q8_0'));
assert.ok((await client.ps()).models.some(model => model.name === 'story:latest'));
const shown = await client.show({ model: 'story' });
assert.ok(shown.capabilities.includes('completion'));
assert.equal(shown.model_info['general.architecture'], shown.details.family);

const raw = await client.generate({ model: 'story', prompt: 'Once upon a time', raw: true, options });
assert.ok(raw.response.length > 0);
assert.equal(raw.eval_count, 12);
text = '';
for await (const part of await client.generate({ model: 'story', prompt: 'Once upon a time', raw: true, options, stream: true })) text += part.response;
assert.equal(text, raw.response);
assert.ok((await client.generate({ model: 'story', prompt: 'Once upon a time', system: 'Tell a story.', think: false, options })).response.length > 0);

const animal = { type: 'object', properties: { animal: { enum: ['cat', 'dog'] } }, required: ['animal'], additionalProperties: false };
const formed = await client.chat({ model: 'story', messages, format: animal, options: { ...options, num_predict: 100 } });
assert.ok(['cat', 'dog'].includes(JSON.parse(formed.message.content).animal));

const tools = [{ type: 'function', function: { name: 'bark', description: 'barks', parameters: { type: 'object', properties: { loud: { type: 'boolean' } } } } }];
const answered = await client.chat({ model: 'story', tools, options, messages: [
  ...messages,
  { role: 'assistant', content: '', tool_calls: [{ function: { name: 'bark', arguments: { loud: true } } }] },
  { role: 'tool', tool_name: 'bark', content: 'woof' },
] });
assert.ok(answered.done);

const embedded = await client.embed({ model: 'vectors', input: ['a b', 'c'] });
assert.equal(embedded.embeddings.length, 2);
assert.ok(Math.abs(Math.hypot(...embedded.embeddings[0]) - 1) < 1e-3);
assert.deepEqual((await client.embeddings({ model: 'vectors', prompt: 'a b' })).embedding, embedded.embeddings[0]);

const endless = await client.chat({ model: 'story', messages, options: { num_predict: 400 }, stream: true });
setTimeout(() => endless.abort(), 0);
await assert.rejects(async () => { for await (const part of endless) assert.ok(!part.done); });

await assert.rejects(client.chat({ model: 'llama9', messages }), error => error.status_code === 404 && error.error.includes('llama9'));
await assert.rejects(client.generate({ model: 'story', prompt: 'x', suffix: 'y' }), error => error.status_code === 400 && error.error.includes('suffix'));
console.log('ok');

// How the page of ChatGPT talks: one POST, and an answer in deltas, version v1. What a delta leaves
// out is as it was before. The next message names the conversation and the message it follows.
let conversation = null;
let parent = 'client-created-root';

async function ask(text, show) {
  const message = {
    id: crypto.randomUUID(), author: {role: 'user'}, create_time: Date.now() / 1000,
    content: {content_type: 'text', parts: [text]},
    metadata: {serialization_metadata: {custom_symbol_offsets: []}},
  };
  const body = {
    action: 'next', messages: [message], parent_message_id: parent, model: 'auto',
    supported_encodings: ['v1'], timezone_offset_min: -420,
  };
  if (conversation) body.conversation_id = conversation;
  const answer = await post('/backend-api/f/conversation', body);
  let state = {}, before = {p: '', o: 'add'}, encoding = null, complete = false, done = false;

  const apply = (place, operation, value) => {
    const keys = place.split('/').slice(1);
    const last = keys.pop();
    if (last === undefined) {
      if (operation === 'patch') value.forEach(one => apply(one.p, one.o, one.v));
      else state = value;
      return;
    }
    const inner = keys.reduce((at, key) => at[key], state);
    if (operation === 'append') inner[last] += value;
    else inner[last] = value;
  };

  for await (const {name, data} of events(answer)) {
    if (data === '[DONE]') { done = true; continue; }
    const value = JSON.parse(data);
    if (name === 'delta_encoding') encoding = value;
    else if (name === 'delta') {
      expect(encoding === 'v1', 'không rõ cách mã hóa');
      before = {...before, ...value};
      apply(before.p, before.o, value.v);
      show(state.message.content.parts[0]);
    } else if (value.type === 'message_stream_complete') {
      complete = value.conversation_id === state.conversation_id;
    }
  }
  expect(done && complete, 'luồng chưa kết thúc');
  expect(state.message.status === 'finished_successfully', 'câu trả lời dở dang');
  expect(isId(state.message.id) && isId(state.conversation_id), 'mã định danh sai dạng');
  expect(!conversation || conversation === state.conversation_id, 'hội thoại khác');
  conversation = state.conversation_id;
  parent = state.message.id;
  return answer.headers.get('lachan-action');
}

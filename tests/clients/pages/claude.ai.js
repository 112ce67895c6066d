// How the page of Claude talks: one POST with ids that it chose itself, and the events of the
// Messages API.
const CONVERSATION = '0b6c1a5e-6f0e-4d3c-9a51-8f2a4c1d7e90';

async function ask(text, show) {
  const ids = {human_message_uuid: crypto.randomUUID(), assistant_message_uuid: crypto.randomUUID()};
  const body = {
    prompt: text, timezone: 'Asia/Ho_Chi_Minh', attachments: [], files: [],
    rendering_mode: 'messages', turn_message_uuids: ids,
  };
  const path = `/api/organizations/o-1/chat_conversations/${CONVERSATION}/completion`;
  const answer = await post(path, body);
  let message = null, shown = '', block = null, stopped = false;
  for await (const {name, data} of events(answer)) {
    const value = JSON.parse(data);
    expect(name === value.type, 'sự kiện không khớp');
    if (name === 'message_start') message = value.message;
    else if (name === 'content_block_start') block = value.index;
    else if (name === 'content_block_delta') {
      expect(message && block === value.index, 'sự kiện sai thứ tự');
      shown += value.delta.text;
      show(shown);
    } else if (name === 'content_block_stop') block = null;
    else if (name === 'message_stop') stopped = block === null;
  }
  expect(stopped, 'luồng chưa kết thúc');
  expect(isId(message.uuid), 'mã định danh sai dạng');
  return answer.headers.get('lachan-action');
}

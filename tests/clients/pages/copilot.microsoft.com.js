// How the page of Copilot talks: one socket for all messages of a conversation.
const CONVERSATION = 'xB6c1a5e6f0e4d3c9a518';
let socket = null;

function opened() {
  if (socket && socket.readyState === WebSocket.OPEN) return Promise.resolve(socket);
  socket = new WebSocket('wss://copilot.microsoft.com/c/api/chat?api-version=2');
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onerror = () => reject(new Error('không nối được'));
  });
}

async function ask(text, show) {
  const one = await opened();
  const content = [{type: 'text', text}];
  one.send(JSON.stringify({event: 'send', conversationId: CONVERSATION, content, mode: 'chat'}));
  return new Promise((resolve, reject) => {
    let message = null, shown = '';
    one.onclose = closed => reject(new Error(`đã đóng, mã ${closed.code}: ${closed.reason}`));
    one.onmessage = ({data}) => {
      const value = JSON.parse(data);
      if (value.event === 'startMessage') message = value.messageId;
      if (value.messageId !== message) return;
      if (value.event === 'appendText') show(shown += value.text);
      if (value.event === 'done') resolve(shown);
    };
  });
}

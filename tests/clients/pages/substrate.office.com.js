// How the page of Microsoft 365 Copilot talks: a hub over a socket (SignalR), its records ended by
// 0x1E; a call is numbered and ends with its completion.
const END = '\u001e';
let socket = null;
let calls = 0;

function opened() {
  if (socket && socket.readyState === WebSocket.OPEN) return Promise.resolve(socket);
  socket = new WebSocket('wss://substrate.office.com/m365Copilot/Chathub/o@t');
  return new Promise((resolve, reject) => {
    socket.onopen = () => socket.send(JSON.stringify({protocol: 'json', version: 1}) + END);
    socket.onerror = () => reject(new Error('không nối được'));
    socket.onmessage = ({data}) => {
      if (data === `{}${END}`) resolve(socket);
    };
  });
}

async function ask(text, show) {
  const one = await opened();
  const invocationId = String(calls++);
  const message = {author: 'user', inputMethod: 'Keyboard', text, messageType: 'Chat'};
  one.send(JSON.stringify({arguments: [{message}], invocationId, target: 'chat', type: 4}) + END);
  return new Promise((resolve, reject) => {
    let shown = '', result = null;
    one.onclose = closed => reject(new Error(`đã đóng, mã ${closed.code}: ${closed.reason}`));
    one.onmessage = ({data}) => {
      expect(data.endsWith(END), 'bản ghi dở dang');
      for (const record of data.split(END).filter(Boolean).map(JSON.parse)) {
        if (record.type === 1) {
          const [update] = record.arguments;
          if (update.writeAtCursor) shown += update.writeAtCursor;
          if (update.messages) shown = update.messages.at(-1).text;
          show(shown);
        }
        if (record.type === 2 && record.invocationId === invocationId) {
          result = record.item.messages.at(-1).text;
          show(result);
        }
        if (record.type === 3 && record.invocationId === invocationId) resolve([shown, result]);
      }
    };
  });
}

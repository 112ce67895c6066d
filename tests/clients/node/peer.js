// The npm package `ws` as server and as client, with the behaviour that `socket_peers.py` tells.
//
//   node peer.js server CERTIFICATE          prints its port
//   node peer.js client HOST PORT CA deflate|plain [PROXY]   prints what it saw, as JSON

const fs = require('fs');
const http = require('http');
const https = require('https');
const net = require('net');
const tls = require('tls');
const { WebSocket, WebSocketServer } = require('ws');

const MESSAGE_MAX = 80000;
const BROKEN = Buffer.from([0xff]);
const parts = (socket, texts) =>
  texts.forEach((text, at) => socket.send(text, { fin: at === texts.length - 1 }));

function serve(certificate) {
  const pem = fs.readFileSync(certificate);
  const server = https.createServer({ key: pem, cert: pem });
  const sockets = new WebSocketServer({
    server, maxPayload: MESSAGE_MAX, perMessageDeflate: { threshold: 0 },
  });
  let lastClose = 0;
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('close', (code) => { lastClose = code; });
    socket.on('pong', (payload) => socket.send(`pong ${payload}`));
    socket.on('message', (data, isBinary) => {
      switch (isBinary ? '' : data.toString()) {
        case 'ping': return socket.ping('nhip');
        case 'parts': return parts(socket, ['mot', 'hai', 'ba']);
        case 'close': return socket.close(4001, 'tam biet');
        case 'broken': return socket.send(BROKEN, { binary: false });
        case 'last': return socket.send(String(lastClose));
        default: return socket.send(data, { binary: isBinary });
      }
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

// One socket, with its events in a queue.
class Peer {
  static async open(place) {
    const peer = new Peer();
    peer.events = [];
    peer.waiting = [];
    const plain = await reach(place);
    const secure = tls.connect({ socket: plain, servername: place.host, ca: place.ca });
    peer.socket = new WebSocket(`wss://${place.host}/ws`, {
      createConnection: () => secure,
      maxPayload: 64 << 20,
      perMessageDeflate: place.compresses && { threshold: 0 },
    });
    const put = (event) => {
      const next = peer.waiting.shift();
      if (next) next(event); else peer.events.push(event);
    };
    peer.socket.on('message', (data, isBinary) =>
      put(isBinary ? ['binary', data.toString('hex')] : ['text', data.toString()]));
    peer.socket.on('pong', (payload) => put(['pong', payload.toString()]));
    peer.socket.on('error', (error) => {
      if (error.code === 'WS_ERR_INVALID_UTF8') peer.failed = 1007;
    });
    peer.socket.on('close', (code, reason) =>
      put(['close', peer.failed || code, peer.failed ? '' : reason.toString()]));
    await new Promise((done, failed) => {
      peer.socket.once('open', done);
      peer.socket.once('error', failed);
    });
    return peer;
  }

  next() {
    if (this.events.length) return Promise.resolve(this.events.shift());
    return new Promise((done) => this.waiting.push(done));
  }

  async ask(data, options) {
    this.socket.send(data, options);
    return this.next();
  }
}

function reach({ host, port, proxy }) {
  if (!proxy) return Promise.resolve(net.connect(port, '127.0.0.1'));
  const [name, number] = proxy.split(':');
  return new Promise((done, failed) => {
    http.request({ host: name, port: number, method: 'CONNECT', path: `${host}:443` })
      .on('connect', (_answer, socket) => done(socket))
      .on('error', failed)
      .end();
  });
}

async function client(place) {
  const seen = {};
  let peer = await Peer.open(place);
  seen.compressed = peer.socket.extensions.startsWith('permessage-deflate');
  seen.text = await peer.ask('Xin chào');
  seen.empty = await peer.ask('');
  seen.binary = await peer.ask(Buffer.from('nhị phân'));
  parts(peer.socket, ['một ', '', 'hai']);
  seen.parts_up = await peer.next();
  seen.parts_down = await peer.ask('parts');
  peer.socket.ping('hoi');
  seen.ping_up = await peer.next();
  seen.ping_down = await peer.ask('ping');
  const large = await peer.ask('xin chao '.repeat(7500));
  seen.large = [large[0], large[1].length];
  seen.closed_by_server = (await peer.ask('close'));
  peer = await Peer.open(place);
  seen.broken_down = (await peer.ask('broken')).slice(0, 2);
  peer = await Peer.open(place);
  seen.broken_up = (await peer.ask(BROKEN, { binary: false })).slice(0, 2);
  peer = await Peer.open(place);
  seen.too_large = (await peer.ask('xin chao '.repeat(9000))).slice(0, 2);
  peer = await Peer.open(place);
  peer.socket.close(4002);
  seen.closed_by_client = (await peer.next()).slice(0, 2);
  peer = await Peer.open(place);
  seen.code_at_server = await peer.ask('last');
  peer.socket.close(1000);
  await peer.next();
  console.log(JSON.stringify(seen));
  process.exit(0);
}

const [role, first, second, third, fourth, fifth] = process.argv.slice(2);
if (role === 'server') serve(first);
else {
  const compresses = fourth === 'deflate';
  client({
    host: first, port: Number(second), ca: fs.readFileSync(third), compresses, proxy: fifth,
  });
}

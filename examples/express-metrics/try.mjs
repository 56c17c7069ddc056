// Asks the service for the scores of a forecast, and what it says of a wrong one.
import { once } from 'node:events';
import { createApp } from './app.mjs';

const server = createApp().listen(0, '127.0.0.1');
await once(server, 'listening');
const ask = async (body) => {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/scores`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
};

// An ice edge across 40 cells; the forecast has it two cells too far, and a cell was not observed.
const edge = (at) => Array.from({ length: 40 }, (_, i) => Math.min(Math.max((at - i) / 8, 0), 1));
const observation = edge(20);
observation[5] = null;
const { status, answer } = await ask({ forecast: edge(22), observation, areaKm2: 625 });
console.log(
  `${status}: ${answer.cells} cells, RMSE ${answer.rmse.toFixed(3)}, bias ${answer.bias.toFixed(3)}`,
);
const { total, tooMuchIce } = answer.iceEdgeErrorKm2;
console.log(`ice edge: ${total} km² wrong, ${tooMuchIce} km² of it too much ice`);
const wrong = await ask({ forecast: [0.5], observation: [0.5, 0.6] });
console.log(`${wrong.status}: ${wrong.answer.error}`);
server.close();

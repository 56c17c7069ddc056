import { fieldErrors, iceEdgeError, isMetricsError, marginalIceZoneErrors } from '@arctic/metrics';
import express from 'express';

/** JSON has no NaN: missing cells are null. */
const field = (name, values) => {
  const fits = (value) => value === null || Number.isFinite(value);
  if (!Array.isArray(values) || !values.every(fits))
    throw new TypeError(`Expected "${name}" as a list of numbers, null where missing.`);
  return Float32Array.from(values, (value) => value ?? NaN);
};

/** `POST /scores` with forecast, observation (0..1) and the area of a cell: errors of the field and of the ice edge. */
export function createApp() {
  const app = express();
  app.use(express.json({ limit: '20mb' }));
  app.post('/scores', (request, response) => {
    const { forecast, observation, areaKm2 = 625 } = request.body ?? {};
    const [predicted, observed] = [field('forecast', forecast), field('observation', observation)];
    const { n, bias, mae, rmse } = fieldErrors(predicted, observed);
    const { iiee, over, under } = iceEdgeError(predicted, observed, { area: areaKm2 });
    response.json({
      cells: n,
      ...{ bias, mae, rmse },
      marginalIceZoneRmse: marginalIceZoneErrors(predicted, observed).rmse,
      iceEdgeErrorKm2: { total: iiee, tooMuchIce: over, tooLittleIce: under },
    });
  });
  // Express takes a handler of four arguments for one of errors.
  app.use((error, _request, response, _next) => {
    const ours = isMetricsError(error) || error instanceof TypeError;
    const status = ours ? 400 : (error.status ?? 500);
    response.status(status).json({ error: status < 500 ? error.message : 'Something went wrong.' });
  });
  return app;
}

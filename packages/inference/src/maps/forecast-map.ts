import { isoDate } from '@arctic/raster';
import type { ForecastSeries } from '../forecast/series.js';
import type { MapLayer } from './write-maps.js';

/** Concentration at which the ice edge is drawn. */
const ICE_EDGE = 0.15;

/**
 * A forecast as a map: a band per lead day.
 *
 * @param forecast [leads,H,W] fraction 0..1, NaN outside of the active ocean.
 * @param issue index of the last day of input.
 */
export function forecastMap(
  series: ForecastSeries,
  forecast: Float32Array,
  leads: number,
  issue: number,
): MapLayer {
  const { height, width, grid } = series;
  const issued = series.days[issue] ?? 0;
  const cells = height * width;
  return {
    name: 'sic',
    longName: 'Sea-ice concentration, forecast by the ConvLSTM',
    standardName: 'sea_ice_area_fraction',
    units: '1',
    width,
    height,
    crs: grid.crs,
    transform: grid.transform,
    times: Array.from({ length: leads }, (_, lead) => isoDate(issued + lead + 1)),
    dtype: 'float32',
    nodata: NaN,
    level: ICE_EDGE,
    source: `@arctic/model-convlstm, issued ${isoDate(issued)}, from ${series.source}`,
    rows(firstRow, rowCount) {
      const out = new Float32Array(rowCount * width * leads);
      for (let i = 0; i < rowCount * width; i++) {
        for (let lead = 0; lead < leads; lead++)
          out[i * leads + lead] = forecast[lead * cells + firstRow * width + i] ?? NaN;
      }
      return out;
    },
  };
}

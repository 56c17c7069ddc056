/** Six cells of 625 km²: observation, forecast, climatology, persistence. */
export const o = [0, 0.2, 0.9, 0.14, 0.1, 0.6];
export const f = [0.05, 0.1, 0.85, 0.3, 0.15, 0.65];
export const c = [0.1, 0.35, 0.8, 0.4, 0.3, 0.4];
export const p = [0.2, 0.35, 0.95, 0.4, 0, 0.4];
export const area = 625;

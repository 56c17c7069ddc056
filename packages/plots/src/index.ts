/**
 * Pictures of training runs, scores and maps as SVG and PNG, without a browser.
 *
 * Every figure is a pure function that returns SVG text; `renderPng` turns it into a file.
 *
 * @example
 * ```ts
 * import { leadCurves, renderPng } from '@arctic/plots';
 *
 * const svg = leadCurves({
 *   title: 'Forecast error by lead',
 *   ylabel: 'RMSE, concentration',
 *   series: [
 *     { name: 'model', values: [0.05, 0.07, 0.08] },
 *     { name: 'persistence', values: [0.06, 0.08, 0.1] },
 *   ],
 * });
 * const png = renderPng(svg); // Uint8Array
 * ```
 *
 * @module
 */
export { renderPng } from './render-png.js';
export { trainingCurves } from './training-curves.js';
export type { CurveMetric, CurveRow, TrainingCurvesOptions } from './training-curves.js';
export { learningRateCurve } from './learning-rate-curve.js';
export type { LearningRateCurveOptions, RatePoint } from './learning-rate-curve.js';
export { searchOverview } from './search-overview.js';
export type { SearchOverviewOptions, SearchTrial } from './search-overview.js';
export { confusionMatrix } from './confusion-matrix.js';
export type { ConfusionMatrixOptions } from './confusion-matrix.js';
export { reliabilityDiagram } from './reliability-diagram.js';
export type { ReliabilityBin, ReliabilityOptions } from './reliability-diagram.js';
export { leadCurves } from './lead-curves.js';
export type { LeadCurvesOptions, LeadSeries } from './lead-curves.js';
export { gridMap } from './grid-map.js';
export type { GridMapOptions } from './grid-map.js';
export { forecastPanel } from './forecast-panel.js';
export type { ForecastPanelOptions } from './forecast-panel.js';
export { changePanel } from './change-panel.js';
export type { ChangePanelOptions } from './change-panel.js';
export { imageGrid } from './image-grid.js';
export type { ImageGridOptions, ImageTile } from './image-grid.js';
export { classLegend, classOverlay } from './class-overlay.js';
export type { ClassOverlayOptions } from './class-overlay.js';
export type { RgbImage } from './image.js';
export type { ColormapName } from './colormap.js';
export type { LegendItem } from './axes.js';
export { isPlotError, PlotError } from './errors.js';

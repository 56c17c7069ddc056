import { createApi } from './api.js';
import { startBoxPanel } from './box-panel.js';
import { startChoices } from './choices.js';
import { startComputePanel } from './compute-panel.js';
import { startImagePanel } from './image-panel.js';
import { startKeyDialog, storedKey } from './key-dialog.js';
import { startLegend } from './legend.js';
import { startLoading } from './loading.js';
import { startMap } from './map.js';
import { startReadout } from './readout.js';
import { startScorePanel } from './score-panel.js';
import { createPage } from './state.js';
import { startTabs } from './tabs.js';
import { firstTheme, startTheme } from './theme.js';
import { startTimeline } from './timeline.js';

const base = new URL('.', document.baseURI).href;
const page = createPage(firstTheme());
const api = createApi(base, storedKey());

startTheme(page);
const ice = startMap(page);
startReadout(page, ice);
startLegend(page);
startTimeline(page);
startChoices(page);
startBoxPanel(page, api, ice);
startImagePanel(api);
startComputePanel(page, api, base);
const readScores = startScorePanel(page, api);
startTabs(page);
page.on(['domain', 'panel'], ({ panel }) => {
  if (panel === 'panel-scores') void readScores();
});
const load = startLoading(page, api, () => openKeyDialog());
const openKeyDialog = startKeyDialog(api, () => void load());
void load();

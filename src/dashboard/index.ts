export { DashboardModule } from './dashboard.module.js';
export { type Child, el } from './domain/element.js';
export { htmlPage } from './domain/page-frame.js';
export { favicon } from './domain/state-sign.js';
export { EARLY_ADDRESS, STYLE_ADDRESS } from './page-assets.js';
export { sendPage } from './page-response.js';

export { guardLoop } from './stall-guard.js';

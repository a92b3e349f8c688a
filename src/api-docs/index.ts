export { ApiDocsModule } from './api-docs.module.js';
export { serveDocs } from './serve-docs.js';

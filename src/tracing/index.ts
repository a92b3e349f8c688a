export { type AttemptTrace, type CallTrace } from './call-trace.js';
export { ofThisTrace, storeOperation } from './current-trace.js';
export { TracingModule } from './tracing.module.js';
export { Tracing } from './tracing.service.js';
export { tracingSettings } from './tracing.settings.js';

export { Sessions } from './answer/sessions.service.js';
export { Gateway } from './gateway.js';
export { GeminiModule } from './gemini.module.js';
export { geminiSettings } from './gemini.settings.js';
export { patienceSettings } from './patience.settings.js';
export { resumeSettings } from './resume.settings.js';
export { sessionSettings } from './session.settings.js';
export { upstreamName } from './upstream.service.js';

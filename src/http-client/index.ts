export { ConnectionPool } from './connection-pool.js';
export { connectionFault, type ConnectionFault } from './domain/connection-error.js';
export { askAfresh, type FreshAnswer } from './fresh-connection.js';
export { HttpClientModule } from './http-client.module.js';
export { HttpClientService } from './http-client.service.js';
export { httpClientSettings } from './http-client.settings.js';

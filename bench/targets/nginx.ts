import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Household } from '../processes/household.js';
import { answering, freePort } from '../processes/ports.js';
import { CLEAN_ENVIRONMENT } from '../processes/worker.js';
import { NGINX, type Target } from './target.js';

const BINARY = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find((path) =>
  existsSync(path),
);

/** One nginx process in front of the upstream; undefined when nginx is not installed. */
export async function startNginx(household: Household, upstreamPort: number): Promise<Target | undefined> {
  if (BINARY === undefined) return undefined;
  const port = await freePort();
  const folder = join(household.folder, 'nginx');
  mkdirSync(folder);
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, upstreamPort));
  const child = household.adopt(
    NGINX,
    spawn(BINARY, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { env: CLEAN_ENVIRONMENT, stdio: 'ignore' }),
  );
  await answering(child, NGINX, port, '/');
  return { name: NGINX, port, pid: child.pid };
}

/**
 * One process serves, so its cost is read in one place. Answers are not buffered, since a
 * proxy of streams must not; request bodies stay in memory, as in the other targets.
 */
function configuration(folder: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  client_max_body_size 100m;
  client_body_buffer_size 1m;
  keepalive_requests 1000000000;
  keepalive_timeout 75s;
  tcp_nodelay on;
  upstream gemini {
    server 127.0.0.1:${upstreamPort};
    keepalive 128;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gemini;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

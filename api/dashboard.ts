import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

/** The built dashboard, or null where it has not been built. */
export interface Dashboard {
  root: string;
  index: string;
  /** Digests of the page's inline scripts, for the content security policy. */
  scriptDigests: string[];
}

/** Reads the dashboard's page from a folder that Vite built. */
export function readDashboard(root: string | null): Dashboard | null {
  const page = root && join(root, 'index.html');
  if (!root || !page || !existsSync(page)) return null;
  const index = readFileSync(page, 'utf8');
  const inline = [...index.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)].map((match) => match[1]!);
  const scriptDigests = inline.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return { root, index, scriptDigests };
}

const NOT_BUILT = `<!doctype html><html lang="en"><title>Worthwhile</title>
<p>The API runs (<a href="/api/docs">documentation</a>), but the dashboard has not been built: run <code>npm run build</code> and start again.</p></html>`;

/** Files of the dashboard; a path that is no file is a page of the client's router. */
export function dashboardRoutes(dashboard: Dashboard | null): Hono {
  const app = new Hono();
  if (!dashboard) return app.get('*', (c) => c.html(NOT_BUILT, 503));
  return app
    .get('/assets/*', async (c, next) => {
      await next();
      // Vite names these files by their content.
      if (c.res.ok) c.res.headers.set('Cache-Control', 'public, max-age=31536000, immutable');
    })
    .get('/index.html', (c) => c.redirect('/'))
    .get('/*', async (c, next) => (c.req.path === '/' ? next() : serveStatic({ root: dashboard.root })(c, next)))
    .get('*', (c) => {
      const isFile = c.req.path.startsWith('/assets/') || /\.[a-z0-9]{2,5}$/i.test(c.req.path);
      if (isFile && !c.req.header('Accept')?.includes('text/html')) return c.notFound();
      return c.html(dashboard.index, 200, { 'Cache-Control': 'no-cache' });
    });
}

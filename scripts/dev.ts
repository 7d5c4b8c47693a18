/** `npm run dev`: the sample company's API on port 4000 and the dashboard with hot reload on port 5173. Ctrl+C ends both. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createServer } from 'vite';

const root = join(import.meta.dirname, '..');
const api = spawn(process.execPath, [join(root, 'bin', 'worthwhile.cjs'), 'demo'], { cwd: root, stdio: 'inherit' });
const web = await createServer({ root: join(root, 'web'), configFile: join(root, 'vite.config.ts') });
await web.listen();
web.printUrls();
api.on('exit', (code) => void web.close().then(() => process.exit(code ?? 1)));
// The terminal's Ctrl+C reaches the API as well; it closes first.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => api.kill('SIGTERM'));

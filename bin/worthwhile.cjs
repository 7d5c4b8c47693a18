#!/usr/bin/env node
// CommonJS on purpose: its start needs no worker thread, so the pool's size can still be set. Each running query holds one
// of its threads; with Node's default of 4 a few slow queries would stop every file read.
process.env.UV_THREADPOOL_SIZE ??= '16';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: worthwhile needs Node.js 20.19 or later, this is ${process.versions.node}`);
  process.exit(2);
}

// A clone runs its sources; the published package has compiled files alone.
const source = join(__dirname, '..', 'cli.ts');
const entry = existsSync(source) ? source : join(__dirname, '..', 'dist', 'cli.js');
const ready = entry === source ? import('tsx/esm/api').then((tsx) => tsx.register()) : Promise.resolve();
ready
  .then(() => import(pathToFileURL(entry).href))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

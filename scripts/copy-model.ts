/** Copies what the compiled product reads beside its code, the model's SQL files, into dist. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

const root = join(import.meta.dirname, '..');
for (const path of globSync(['model/**/*.sql'], { cwd: root })) cpSync(join(root, path), join(root, 'dist', path));

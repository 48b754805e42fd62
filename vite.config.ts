import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';

/** Left out of the bundles: Electron itself, and packages that load native code from their own folder. */
const EXTERNAL = ['electron', 'better-sqlite3', 'sqlite-vec', 'pg'];

/** Where `npm run server` listens; the development server passes calls on to it. */
const DEVELOPMENT_BACKEND = 'http://127.0.0.1:8283';

// The backend takes calls from its own address only.
const passedOn = {
  target: DEVELOPMENT_BACKEND,
  changeOrigin: true,
  headers: { origin: DEVELOPMENT_BACKEND },
};

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * A bundle for Node or Electron, with everything in it but EXTERNAL. With `codeSplitting`, what the code imports late
 * (the client library of the models, agent files) lies in files of its own, which a start need not read.
 */
function nodeBundle(
  entry: string,
  file: string,
  output: { format: 'es' | 'cjs'; codeSplitting: boolean },
): EnvironmentOptions {
  const slash = file.lastIndexOf('/');
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      target: 'node24',
      outDir: path(file.slice(0, slash)),
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: path(entry),
        // Only the server's entry asks whether it is the main module; as a bundle it never is.
        transform: output.format === 'cjs' ? { define: { 'import.meta.main': 'false' } } : {},
        output: {
          entryFileNames: file.slice(slash + 1),
          chunkFileNames: `[name]-[hash].${output.format === 'cjs' ? 'cjs' : 'js'}`,
          ...output,
        },
      },
    },
  };
}

export default defineConfig({
  root: path('./renderer'),
  // The same files are served at memoir://app/ and at /ade/.
  base: './',
  cacheDir: path('./node_modules/.cache/vite'),
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      // Its version for browsers decodes with innerHTML, which the policy of the page refuses.
      'decode-named-character-reference': path('./node_modules/decode-named-character-reference/index.js'),
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/v1': passedOn,
      '/ade/rpc': passedOn,
      '/ade/events': passedOn,
    },
  },
  builder: {},
  environments: {
    client: {
      build: {
        outDir: path('./out/renderer'),
        // The policy allows no data: fonts.
        assetsInlineLimit: 0,
        emptyOutDir: true,
        target: 'chrome140',
        chunkSizeWarningLimit: 2000,
        reportCompressedSize: false,
        rolldownOptions: { input: path('./renderer/index.html') },
      },
    },
    main: nodeBundle('./electron/main.ts', './out/main/main.js', { format: 'es', codeSplitting: false }),
    // The thread of the desktop app in which the backend runs.
    backend: nodeBundle('./electron/shell/backend-worker.ts', './out/backend/backend.js', {
      format: 'es',
      codeSplitting: true,
    }),
    preload: nodeBundle('./electron/preload.ts', './out/preload/preload.cjs', {
      format: 'cjs',
      codeSplitting: false,
    }),
    // CommonJS, so that scripts/bundle.mjs can keep its compiled code.
    server: nodeBundle('./electron/server.ts', './out/server/server.cjs', {
      format: 'cjs',
      codeSplitting: true,
    }),
  },
});

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** `npm run dev --workspace apps/web` beside a running server: changes are seen at once. */
const SERVER = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'es2022',
    // The Content-Security-Policy allows no inline styles or scripts, and images from nowhere else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // build.ts counts with it what the first screen needs.
    manifest: true,
    rolldownOptions: {
      output: {
        // Whoever opens a chat needs these anyway. Left alone they are cut into as many small files as there are sets of screens that share
        // them, and small files pack badly. What belongs to screens that are loaded later stays with those.
        codeSplitting: {
          groups: [
            {
              name: 'app',
              test: /src[\\/](app[\\/](?!care)|lib[\\/](time|files|recorder)|ui[\\/](EmptyState|FormField|LoadFailure|PersonAvatar|SpinnerRing))|(arrow-left|download|trash|mic)\.js/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: SERVER, ws: true } } },
})

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
  },
  server: { proxy: { '/api': { target: SERVER, ws: true } } },
})

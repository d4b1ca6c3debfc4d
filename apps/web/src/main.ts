import { createApp } from 'vue'
import App from './App.vue'
import { startNotifications } from './app/notifications.ts'
import './app/device.ts'
import { applySettings } from './app/settings.ts'
import { startWorker } from './app/worker.ts'
import { refuseStrayDrops } from './lib/drops.ts'
import { router } from './router.ts'
import './styles/base.css'
import './styles/controls.css'

applySettings()
startWorker((link) => void router.push(link))
startNotifications()
refuseStrayDrops()
createApp(App).use(router).mount('#app')

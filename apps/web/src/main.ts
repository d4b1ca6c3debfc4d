import { createApp } from 'vue'
import App from './App.vue'
import { startNotifications } from './app/notifications.ts'
import { applySettings } from './app/settings.ts'
import { refuseStrayDrops } from './lib/drops.ts'
import { router } from './router.ts'
import './styles/base.css'
import './styles/controls.css'

applySettings()
startNotifications((id) => void router.push({ name: 'room', params: { id } }))
refuseStrayDrops()
createApp(App).use(router).mount('#app')

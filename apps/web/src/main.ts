import { createApp } from 'vue'
import App from './App.vue'
import { applySettings } from './app/settings.ts'
import { router } from './router.ts'
import './styles/base.css'
import './styles/controls.css'

applySettings()
createApp(App).use(router).mount('#app')

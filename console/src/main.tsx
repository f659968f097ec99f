import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './theme/global.css'
import './theme/style-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { preload } from './app/pages'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element #root')
preload(location.pathname)
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

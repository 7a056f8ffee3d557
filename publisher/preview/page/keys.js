// Keys that are commands, wherever nobody types.
import { find } from './dom.js'

const letters = find('letters')
letters.checked = localStorage.getItem('letters') !== 'off'
letters.addEventListener('change', () => localStorage.setItem('letters', letters.checked ? 'on' : 'off'))

const taken = element => element?.closest?.('input, select, textarea, dialog[open]') != null

export const listener = commands => event => {
  const command = commands[event.key]
  if (!command || event.ctrlKey || event.metaKey || event.altKey || taken(event.target)) return
  if (event.key.length === 1 && !letters.checked) return
  event.preventDefault()
  command()
}

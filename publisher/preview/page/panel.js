// The theme's tokens and options as a form; each change is written into anthology.toml at once.
import { fetched, find, make } from './dom.js'

const form = find('fields')
const errors = new Map()
let drawn = ''
let told = null

const spoken = name => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('-', ' ')

const wish = async (name, asked) => {
  const answer = await fetch('/theme', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(asked),
  })
  if (answer.ok) errors.delete(name)
  else errors.set(name, (await answer.json()).error)
  complain(name)
}

const complain = name => {
  const [error, input] = [errors.get(name) ?? '', find(`field-${name}`)]
  const place = find(`error-${name}`)
  if (!place || !input) return
  place.textContent = error
  if (error) input.setAttribute('aria-invalid', 'true')
  else input.removeAttribute('aria-invalid')
}

const set = (field, value) => wish(field.name, { tokens: { [field.name]: value } })

const given = (field, input) => {
  if (field.kind === 'flag') return input.checked
  const text = input.value.trim()
  if (!text) return null
  return field.kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text
}

const controls = {
  flag: (field, given) => make('input', { ...given, type: 'checkbox', checked: (field.value || field.default) === 'true' }),
  choice: (field, given) => make('select', given, ...field.choices.map(choice => make('option', {
    value: choice, selected: choice === field.value || null }, choice)),
  field.value ? null : make('option', { value: '', selected: true }, `${field.default} (default)`)),
}

const text = (field, given) => make('input', {
  ...given, type: 'text', value: field.value, placeholder: field.default, spellcheck: 'false', autocomplete: 'off',
  inputmode: field.kind === 'number' ? 'decimal' : null })

// A browser's own picker knows opaque colours in six figures; all others are typed.
const picker = field => {
  if (field.kind !== 'colour') return null
  const known = /^#[0-9a-f]{6}$/i.test(field.value)
  const pick = make('input', { type: 'color', 'aria-label': `Pick: ${spoken(field.name)}`, value: known ? field.value : '#7a1f1f', class: known ? 'set' : '' })
  pick.addEventListener('change', () => set(field, pick.value))
  return pick
}

const row = field => {
  const id = `field-${field.name}`
  const attributes = { id, name: field.name, 'aria-describedby': `about-${field.name} error-${field.name}` }
  const input = (controls[field.kind] ?? text)(field, attributes)
  input.addEventListener('change', () => set(field, given(field, input)))
  return make('div', { class: 'field' },
    make('label', { for: id }, spoken(field.name)),
    make('div', { class: 'control' }, input, picker(field), field.value ? make('button', {
      type: 'button', class: 'reset', 'aria-label': `Reset ${spoken(field.name)}`, onclick: () => set(field, null),
    }, 'Reset') : null),
    make('p', { class: 'error', id: `error-${field.name}`, role: 'alert' }),
    make('p', { class: 'about', id: `about-${field.name}` }, field.about))
}

const themeRow = async () => {
  const themes = await fetched('/themes') ?? []
  const select = make('select', { id: 'field-theme', 'aria-describedby': 'error-theme' }, ...themes.map(
    ({ name, title }) => make('option', { value: name, selected: name === told.theme || null }, title)))
  select.addEventListener('change', () => wish('theme', { theme: select.value }))
  return make('div', { class: 'field' }, make('label', { for: 'field-theme' }, 'Theme'),
    make('div', { class: 'control' }, select), make('p', { class: 'error', id: 'error-theme', role: 'alert' }))
}

const build = async () => {
  const first = await themeRow()
  const focused = document.activeElement?.id
  const rows = told.fields.map(row)
  const [tokens, options] = [false, true].map(which => rows.filter((_, n) => told.fields[n].option === which))
  form.replaceChildren(first, ...tokens,
    ...options.length ? [make('h3', {}, 'Options'), ...options] : [])
  for (const name of errors.keys()) complain(name)
  if (focused?.startsWith('field-')) find(focused)?.focus({ preventScroll: true })
}

export const draw = panel => {
  told = panel
  if (find('design').hidden || drawn === JSON.stringify(panel)) return
  drawn = JSON.stringify(panel)
  build()
}

export const opened = () => { if (told) draw(told) }
form.addEventListener('submit', event => event.preventDefault())

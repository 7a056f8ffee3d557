// The page's heart: what is shown, and what becomes of it when something was saved.
import { fetched, find, make } from './dom.js'
import * as keys from './keys.js'
import * as panel from './panel.js'
import * as reader from './reader.js'
import * as remarks from './remarks.js'
import * as spreads from './spreads.js'

const kept = JSON.parse(localStorage.getItem('look') ?? '{}')
const now = { medium: 'ebook', device: 'ereader', tone: 'light', ...kept }
let outline = null
let entry = null
let source = null
let drawn = ''

const keep = () => localStorage.setItem('look', JSON.stringify({
  medium: now.medium, device: now.device, tone: now.tone }))

// Which piece is open, kept over builds: by its key, its note, else its place in the book.
const same = (entries, one) => one && (entries.find(e => e.key === one.key)
  ?? entries.find(e => e.path && e.path === one.path)
  ?? entries[Math.min(one.number, entries.length - 1)])

let listed = ''
const drawContents = () => {
  const troubled = new Map()
  for (const { entry, severity } of outline.remarks) {
    if (severity !== 'note') troubled.set(entry, (troubled.get(entry) ?? 0) + 1)
  }
  const wanted = JSON.stringify([outline.entries, [...troubled]])
  if (wanted === listed) return
  listed = wanted
  const list = make('ol', {})
  for (const one of outline.entries) {
    const count = troubled.get(one.key)
    list.append(make('li', { class: one.kind }, make('a', {
      href: `#${encodeURIComponent(one.key)}`, 'data-key': one.key, lang: one.language || null,
    }, make('span', { class: 'name' }, one.title), one.byline && one.kind === 'piece'
      ? make('span', { class: 'byline' }, one.byline) : null,
    count ? make('span', { class: 'count' }, make('span', { class: 'unseen' }, ', problems: '), String(count)) : null)))
  }
  const nav = find('contents')
  const [focused, scroll] = [document.activeElement?.dataset?.key, nav.scrollTop]
  nav.replaceChildren(list)
  nav.scrollTop = scroll
  if (focused) nav.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
}

const showCurrent = () => {
  const nav = find('contents')
  const [was, link] = [nav.querySelector('[aria-current]'), nav.querySelector(`[data-key="${CSS.escape(entry.key)}"]`)]
  if (was === link) return
  was?.removeAttribute('aria-current')
  link?.setAttribute('aria-current', 'page')
  link?.scrollIntoView({ block: 'nearest' })
}

// What is looked at is made first.
const tellPlace = key => fetch(`/at/${encodeURIComponent(key)}`, { method: 'POST' })

const remember = one => {
  if (one.key !== entry?.key) tellPlace(one.key)
  entry = { ...one, number: outline.entries.indexOf(one) }
}

const open = async (one, { anchor = '', again = false } = {}) => {
  if (!one) return
  remember(one)
  history.replaceState(null, '', `#${encodeURIComponent(one.key)}`)
  showCurrent()
  if (now.medium === 'print') return spreads.open(entry, { again })
  if (await reader.show(one.page, outline.shown, { anchor, again, title: one.title })) {
    remarks.mark(outline.remarks.filter(remark => remark.entry === entry.key))
  }
}

const step = by => {
  if (!outline) return
  const number = outline.entries.findIndex(one => one.key === entry?.key)
  open(outline.entries[Math.max(0, Math.min(outline.entries.length - 1, number + by))])
}

const goTo = async remark => {
  const one = outline.entries.find(each => each.key === remark.entry)
  if (!one) return
  if (one.key !== entry?.key) await open(one)
  if (now.medium === 'print') return spreads.goTo(outline.print?.places[outline.remarks.indexOf(remark)], remark)
  reader.goToBlock(remark.block)
}

let nextProblem = -1
const stepProblem = () => {
  const placed = outline?.remarks.filter(one => one.entry) ?? []
  if (placed.length) goTo(placed[nextProblem = (nextProblem + 1) % placed.length])
}

const renew = async () => {
  const medium = now.medium
  const before = drawn
  const told = await fetched(`/outline/${medium}`)
  if (!told || medium !== now.medium) return
  const first = !outline
  outline = told
  document.title = `${told.title} · Preview`
  find('title').textContent = told.title
  find('title').lang = told.language
  const wanted = first ? { key: decodeURIComponent(location.hash.slice(1)), number: -1 } : entry
  const one = same(told.entries, wanted)
    ?? told.entries.find(each => each.kind === 'piece') ?? told.entries[0]
  remember(one)
  drawContents()
  remarks.list(told.remarks, told.entries, number => goTo(outline.remarks[number]))
  panel.draw(told.panel)
  if (medium === 'print') spreads.draw(told)
  drawn = medium
  await open(one, { again: before === medium })
}

const tell = async state => {
  const late = !state.fresh
  const trouble = state.error && !state.building ? state.error : ''
  if (find('trouble').textContent !== trouble) find('trouble').textContent = trouble
  document.body.dataset.state = trouble ? 'trouble' : late ? 'busy' : 'calm'
  find('said').textContent = trouble ? 'The last good book is shown'
    : state.building && state.of > 1 ? 'Laying out pages …'
      : late ? (state.shown ? 'Renewing …' : 'Opening the book …') : 'Up to date'
  // How far it has come is for the eye: nobody wants it read out twice a second.
  find('far').textContent = state.building && state.of > 1 ? `${state.done} of ${state.of} parts` : ''
  if (state.shown && state.shown !== outline?.shown) await renew()
  document.body.dataset.shown = outline?.shown ?? ''
}

const listen = () => {
  source?.close()
  source = new EventSource(`/events/${now.medium}`)
  let queue = Promise.resolve()
  source.onmessage = event => { queue = queue.then(() => tell(JSON.parse(event.data))) }
  source.onerror = () => {
    document.body.dataset.state = 'gone'
    find('said').textContent = 'The preview has ended'
  }
}

const setMedium = medium => {
  now.medium = medium
  outline = outline && { ...outline, shown: -1 }
  document.body.dataset.medium = medium
  find('ebook').hidden = medium === 'print'
  find('print').hidden = medium !== 'print'
  keep()
  listen()
}

const choose = (name, value) => {
  const input = document.querySelector(`input[name="${name}"][value="${value}"]`)
  input.checked = true
  now[name] = value
  if (name === 'medium') return setMedium(value)
  reader.setLook({ [name]: value })
  keep()
}

const cycle = name => {
  const inputs = [...document.querySelectorAll(`input[name="${name}"]`)]
  const at = inputs.findIndex(input => input.checked)
  choose(name, inputs[(at + 1) % inputs.length].value)
}

const drawer = name => {
  for (const each of ['problems', 'design']) {
    const wanted = each === name && find(each).hidden
    find(each).hidden = !wanted
    find(`${each}-button`).setAttribute('aria-expanded', String(wanted))
  }
  remarks.align()
  panel.opened()
}

for (const name of ['medium', 'device', 'tone']) {
  find(name).addEventListener('change', event => choose(name, event.target.value))
}
for (const name of ['problems', 'design']) find(`${name}-button`).addEventListener('click', () => drawer(name))
find('keys-button').addEventListener('click', () => find('keys').showModal())
find('contents').addEventListener('click', event => {
  const link = event.target.closest('a[data-key]')
  if (!link || event.metaKey || event.ctrlKey) return
  event.preventDefault()
  open(outline.entries.find(one => one.key === link.dataset.key))
})
addEventListener('hashchange', () => {
  const key = decodeURIComponent(location.hash.slice(1))
  if (outline && key !== entry?.key) open(outline.entries.find(one => one.key === key))
})
addEventListener('resize', remarks.align)

const commands = {
  j: () => step(1), k: () => step(-1), ArrowRight: () => step(1), ArrowLeft: () => step(-1),
  m: () => cycle('medium'), w: () => cycle('device'), c: () => cycle('tone'),
  p: () => drawer('problems'), d: () => drawer('design'), n: stepProblem,
  '?': () => find('keys').showModal(),
}
const onKey = keys.listener(commands)
document.addEventListener('keydown', onKey)
reader.attach({
  key: onKey,
  moved: remarks.align,
  followed: (page, anchor) => {
    const one = outline.entries.find(each => each.page === page)
    if (one?.key === entry.key && anchor) reader.goTo(anchor)
    else open(one, { anchor })
  },
  outward: address => { find('said').textContent = `This link leads out of the book: ${address}` },
})
spreads.attach({ entered: key => {
  const one = outline.entries.find(each => each.key === key)
  if (!one || one.key === entry?.key) return
  remember(one)
  history.replaceState(null, '', `#${encodeURIComponent(key)}`)
  showCurrent()
} })

for (const name of ['device', 'tone']) choose(name, now[name])
if (location.hash.length > 1) await tellPlace(decodeURIComponent(location.hash.slice(1)))
choose('medium', now.medium)

// The printed book as it lies open: real pages in pairs, drawn when they come into view.
import { fetched, find, make } from './dom.js'
import { problem } from './remarks.js'

const pane = find('print')
let hooks = { entered: () => {} }
let sides = []
let pages = []
let quiet = 0

export const attach = given => { hooks = given }

const source = side => `/plate/${side.plate}`

// Which page is in the middle, told by its piece and how far in it is.
const place = () => {
  const middle = pane.getBoundingClientRect().top + pane.clientHeight / 3
  const at = pages.findIndex(page => page.getBoundingClientRect().bottom > middle)
  if (at < 0) return null
  const first = sides.findIndex(side => side.entry === sides[at].entry)
  return { entry: sides[at].entry, within: at - first, top: pages[at].getBoundingClientRect().top }
}

const indexOf = kept => {
  if (!kept) return -1
  const first = sides.findIndex(side => side.entry === kept.entry)
  let at = first + kept.within
  while (at > first && sides[at]?.entry !== kept.entry) at -= 1
  return at
}

const drawn = (side, was) => {
  if (!side.plate) return make('div', { class: 'blank' })
  const picture = make('img', { alt: `Page ${side.label}`, loading: 'lazy', decoding: 'async', src: source(side) })
  if (was?.dataset.plate === side.plate) return was.querySelector('img')
  const old = was?.querySelector('img')
  if (!old?.complete || !near(was)) return picture
  // The page as it was stays until the new one is whole.
  picture.loading = 'eager'
  picture.decode().then(() => old.replaceWith(picture), () => old.replaceWith(picture))
  return old
}

const near = element => {
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > -200 && top < innerHeight + 200
}

// A mark at the height of its text; it opens to say what is wrong.
const pinOf = (remark, side) => {
  const pin = make('details', { class: `pin ${remark.severity}`, name: 'pin' },
    make('summary', { 'aria-label': `${remark.severity} on page ${side.label}: ${remark.message}` },
      make('span', { 'aria-hidden': 'true' }, '!')),
    problem(remark))
  pin.remark = remark
  return pin
}

const settle = async (pins, side) => {
  let free = 0
  for (const pin of pins) {
    const { letters } = pin.remark
    const height = letters && side.plate
      ? await fetched(`/height/${side.plate}/${encodeURIComponent(letters)}`) : 0
    const top = Math.max(height ?? 0, free)
    pin.style.setProperty('--top', top)
    pin.classList.toggle('low', top > 0.7)
    free = top + 0.035
  }
}

const pageOf = (side, was, notes) => {
  const pins = notes.map(one => pinOf(one, side))
  const page = make('div', { class: side.stale ? 'page stale' : 'page', 'data-plate': side.plate },
    make('div', { class: 'paper' }, drawn(side, was), ...pins),
    make('p', { class: 'folio' }, side.plate ? side.label : 'blank'))
  if (pins.length) waiting.set(page, () => settle(pins, side))
  return page
}

const waiting = new Map()
const watcher = new IntersectionObserver(seen => {
  for (const { target, isIntersecting } of seen) {
    if (!isIntersecting) continue
    waiting.get(target)?.()
    waiting.delete(target)
    watcher.unobserve(target)
  }
}, { root: pane, rootMargin: '400px' })

export const draw = told => {
  const kept = pages.length ? place() : null
  const before = new Map(pages.map((page, n) => [`${sides[n].entry}/${sides[n].within}`, page]))
  const counts = new Map()
  sides = told.print.sides.map(side => {
    const within = counts.get(side.entry) ?? 0
    counts.set(side.entry, within + 1)
    return { ...side, within }
  })
  waiting.clear()
  watcher.disconnect()
  pane.style.setProperty('--ratio', told.print.width / told.print.height)
  const notes = sides.map(() => [])
  told.remarks.forEach((remark, n) => notes[told.print.places[n]]?.push(remark))
  pages = sides.map((side, n) => pageOf(side, before.get(`${side.entry}/${side.within}`), notes[n]))
  const spreads = []
  // The first page is a recto: it lies alone at the right.
  for (let n = -1; n < pages.length; n += 2) {
    spreads.push(make('div', { class: 'spread' }, pages[n] ?? make('div', { class: 'page none' }),
      pages[n + 1] ?? make('div', { class: 'page none' })))
  }
  pane.replaceChildren(...spreads)
  for (const page of waiting.keys()) watcher.observe(page)
  const at = indexOf(kept)
  if (at >= 0) {
    hush()
    pane.scrollTop += pages[at].getBoundingClientRect().top - kept.top
  }
}

// Scrolling of our own says nothing about what the reader wants to see.
const hush = () => { quiet = performance.now() + 250 }

const show = at => {
  if (!pages[at]) return
  hush()
  pages[at].closest('.spread').scrollIntoView({ block: 'start' })
}

export const open = (entry, { again = false } = {}) => {
  const here = again && place()
  if (here && here.entry === entry.key) return
  if (again && pages.length && !sides.some(side => side.entry === entry.key)) return
  show(Math.max(0, sides.findIndex(side => side.entry === entry.key)))
}

export const goTo = (place, remark) => {
  show(place)
  const pin = [...pages[place]?.querySelectorAll('.pin') ?? []].find(one => one.remark === remark)
  if (!pin) return
  pin.open = true
  pin.querySelector('summary').focus({ preventScroll: true })
}

pane.addEventListener('scroll', () => {
  if (performance.now() < quiet) return
  const here = place()
  if (here) hooks.entered(here.entry)
}, { passive: true })

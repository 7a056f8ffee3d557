// The printed book as it lies open: real pages in pairs, drawn when they come into view.
import { fetched, find, make } from './dom.js'
import { problem } from './remarks.js'

const pane = find('print')
let hooks = { entered: () => {} }
let sides = []
let pages = []
let ours = -1 // where we have scrolled to, until the reader scrolls
let held = false
let roamed = false

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

const picture = side => side.plate
  ? make('img', { alt: `Page ${side.label}`, loading: 'lazy', decoding: 'async', src: source(side) })
  : make('div', { class: 'blank' })

// The page as it was stays until the new one is whole, where somebody may be looking at it.
const redraw = (page, side, seen) => {
  const [old, fresh] = [page.querySelector('.paper').firstElementChild, picture(side)]
  if (!seen || !side.plate || !old.complete) return old.replaceWith(fresh)
  fresh.loading = 'eager'
  const put = () => {
    if (page.dataset.plate === side.plate) page.querySelector('.paper').firstElementChild.replaceWith(fresh)
  }
  fresh.decode().then(put, put)
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

const pageOf = () => make('div', { class: 'page', 'data-plate': '' },
  make('div', { class: 'paper' }, make('div', { class: 'blank' })), make('p', { class: 'folio' }))

const pin = (page, side, notes) => {
  for (const old of page.querySelectorAll('.pin')) old.remove()
  const pins = notes.map(one => pinOf(one, side))
  page.querySelector('.paper').append(...pins)
  waiting.delete(page)
  watcher.unobserve(page)
  if (!pins.length) return
  waiting.set(page, () => settle(pins, side))
  watcher.observe(page)
}

// A page that was there is changed only in what is not as it was: three hundred made anew are slow.
const told = new WeakMap()
const renew = (page, side, notes, seen) => {
  page.classList.toggle('stale', Boolean(side.stale))
  const was = told.get(page) ?? { plate: '', pins: '[]' }
  const now = { plate: side.plate, label: side.label, pins: JSON.stringify(notes) }
  told.set(page, now)
  if (now.plate !== was.plate) {
    page.dataset.plate = side.plate
    redraw(page, side, seen)
  }
  if (now.plate !== was.plate || now.label !== was.label) {
    page.querySelector('.folio').textContent = side.plate ? side.label : 'blank'
    page.querySelector('img')?.setAttribute('alt', `Page ${side.label}`)
  }
  if (now.pins !== was.pins || (notes.length && now.plate !== was.plate)) return pin(page, side, notes)
  page.querySelectorAll('.pin').forEach((each, n) => { each.remark = notes[n] })
}

// A spread whose two pages are as they were is left where it is.
const bind = () => {
  const bound = [...pane.children]
  // The first page is a recto: it lies alone at the right.
  for (let n = -1; n < pages.length; n += 2) {
    const spread = bound[(n + 1) / 2] ?? pane.appendChild(make('div', { class: 'spread' }))
    const lying = [pages[n], pages[n + 1]]
    if (lying.some((page, side) => spread.children[side] !== page)) {
      spread.replaceChildren(...lying.map(page => page ?? make('div', { class: 'page none' })))
    }
  }
  for (const spread of bound.slice(Math.floor(pages.length / 2) + 1)) spread.remove()
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

export const draw = outline => {
  const kept = pages.length ? place() : null
  roamed = pane.scrollTop !== ours
  const before = new Map(pages.map((page, n) => [`${sides[n].entry}/${sides[n].within}`, page]))
  const seen = new Set(pages.filter(near))
  const counts = new Map()
  sides = outline.print.sides.map(side => {
    const within = counts.get(side.entry) ?? 0
    counts.set(side.entry, within + 1)
    return { ...side, within }
  })
  pane.style.setProperty('--ratio', outline.print.width / outline.print.height)
  const notes = sides.map(() => [])
  outline.remarks.forEach((remark, n) => notes[outline.print.places[n]]?.push(remark))
  pages = sides.map(side => before.get(`${side.entry}/${side.within}`) ?? pageOf())
  pages.forEach((page, n) => renew(page, sides[n], notes[n], seen.has(page)))
  bind()
  for (const page of waiting.keys()) {
    if (page.isConnected) continue
    waiting.delete(page)
    watcher.unobserve(page)
  }
  const at = indexOf(kept)
  held = at >= 0
  if (held) pane.scrollTop += pages[at].getBoundingClientRect().top - kept.top
  ours = pane.scrollTop
}

const show = at => {
  if (!pages[at]) return
  pages[at].closest('.spread').scrollIntoView({ block: 'start' })
  ours = pane.scrollTop
}

export const open = (entry, { again = false } = {}) => {
  if (again && held) {
    const here = roamed && place()
    if (here && here.entry !== entry.key) hooks.entered(here.entry)
    return
  }
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
  // Scrolling of our own says nothing about what the reader wants to see.
  if (pane.scrollTop === ours) return
  ours = -1
  const here = place()
  if (here) hooks.entered(here.entry)
}, { passive: true })

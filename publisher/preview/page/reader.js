// The e-book as a reading device shows it: one page of the EPUB in a frame where no script runs.
import { find, make } from './dom.js'
import { blocksOf, capture, freshBlocks, restore } from './place.js'

const screen = find('screen')
const frames = [0, 1].map(n => make('iframe', {
  sandbox: 'allow-same-origin', title: 'A page of the e-book', class: n ? 'waiting' : 'shown',
}))
screen.append(...frames)

let look = { device: 'ereader', tone: 'light' }
let page = ''
let edition = 0
let turn = 0
let overtaken = () => {}
let hooks = { moved: () => {}, followed: () => {}, key: () => {}, outward: () => {} }

const shown = () => frames.find(frame => frame.className === 'shown')
const waiting = () => frames.find(frame => frame.className !== 'shown')

export const attach = given => { hooks = { ...hooks, ...given } }

const dress = frame => {
  const root = frame.contentDocument?.documentElement
  if (!root) return
  root.dataset.device = look.device
  root.dataset.tone = look.tone
  frame.style.colorScheme = look.tone === 'dark' ? 'dark' : 'light'
}

export const setLook = given => {
  look = { ...look, ...given }
  screen.dataset.device = look.device
  screen.dataset.tone = look.tone
  const place = document_() && capture(document_())
  frames.forEach(dress)
  if (place) requestAnimationFrame(() => { restore(document_(), place); hooks.moved() })
}

export const top = () => shown().getBoundingClientRect().top

export const document_ = () => shown().contentDocument

const follow = event => {
  const link = event.target.closest?.('a[href]')
  if (!link) return
  event.preventDefault()
  const to = new URL(link.href)
  if (to.origin !== location.origin) hooks.outward(to.href)
  else hooks.followed(decodeURIComponent(to.pathname.replace('/book/', '')), decodeURIComponent(to.hash.slice(1)))
}

const listen = frame => {
  const doc = frame.contentDocument
  doc.addEventListener('click', follow)
  doc.addEventListener('keydown', hooks.key)
  frame.contentWindow.addEventListener('scroll', () => hooks.moved(), { passive: true })
}

// Shows a page when it is loaded, never half of one. `again`: the same page, made anew.
export const show = (name, revision, { anchor = '', again = false, title = '' } = {}) => new Promise(done => {
  const mine = ++turn
  // Who waited for the page before waits no longer: it may never be loaded.
  overtaken(false)
  overtaken = done
  if (page === name && edition === revision && !again) {
    const home = anchor && document_().getElementById(anchor)
    home ? home.scrollIntoView() : document_().defaultView.scrollTo(0, 0)
    return done(true)
  }
  const next = waiting()
  const old = shown()
  next.onload = async () => {
    if (mine !== turn) return done(false)
    const doc = next.contentDocument
    doc.documentElement.append(make('link', { rel: 'stylesheet', href: '/page/reader.css' }))
    await new Promise(ready => {
      const sheet = doc.documentElement.lastElementChild
      sheet.onload = sheet.onerror = ready
    })
    if (mine !== turn) return done(false)
    next.title = title || 'A page of the e-book'
    dress(next)
    const before = old.contentDocument
    if (again && page === name) {
      restore(doc, capture(before))
      for (const block of freshBlocks(before, doc)) block.dataset.fresh = ''
    } else if (anchor) doc.getElementById(anchor)?.scrollIntoView()
    const focused = document.activeElement === old
    next.className = 'shown'
    old.className = 'waiting'
    old.tabIndex = -1
    next.tabIndex = 0
    if (focused) next.focus()
    page = name
    edition = revision
    listen(next)
    hooks.moved()
    done(true)
  }
  next.src = `/book/${name}?${revision}.${mine}`
})

export const goTo = anchor => document_()?.getElementById(anchor)?.scrollIntoView()

export const goToBlock = number => {
  const block = blocksOf(document_())[number]
  block?.scrollIntoView({ block: 'center' })
  return block
}

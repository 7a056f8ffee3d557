// A reading system with nothing of its own: foliate-js, and what a test may ask of it.
import './node_modules/foliate-js/view.js'
import { FootnoteHandler } from './node_modules/foliate-js/footnotes.js'

const view = document.createElement('foliate-view')
document.body.append(view)

const popups = []
let place = {}
const footnotes = new FootnoteHandler()
footnotes.addEventListener('before-render', event => {
  const popup = document.createElement('div')
  popup.className = 'popup'
  popup.append(event.detail.view)
  document.body.append(popup)
})
footnotes.addEventListener('render', event => {
  const { type, view: shown } = event.detail
  const [{ doc }] = shown.renderer.getContents()
  popups.push({ type, text: doc.body.innerText.trim() })
})
view.addEventListener('link', event => {
  footnotes.handle(view.book, event)?.catch(error => popups.push({ error: String(error) }))
})
view.addEventListener('relocate', event => {
  place = { section: event.detail.section?.current, label: event.detail.tocItem?.label }
})

const labels = items => items.map(item => ({ label: item.label, items: labels(item.subitems ?? []) }))

window.reader = {
  async open(url) {
    const blob = await (await fetch(url)).blob()
    // Without the type the file is not taken for an EPUB.
    await view.open(new File([blob], 'book.epub', { type: 'application/epub+zip' }))
    await view.init({ showTextStart: true })
    const { metadata, sections, toc, landmarks } = view.book
    return {
      title: metadata.title,
      sections: sections.length,
      toc: labels(toc),
      landmarks: landmarks.map(mark => mark.type).flat(),
    }
  },
  goTo: href => view.goTo(href),
  place: () => place,
  popups: () => popups,
  // Clicks the link as a finger would, wherever it stands in the section that is open.
  click(selector) {
    const [{ doc }] = view.renderer.getContents()
    const link = doc.querySelector(selector)
    link.dispatchEvent(new doc.defaultView.MouseEvent('click', { bubbles: true, cancelable: true }))
    return link.textContent
  },
  // Every link of the book that leads nowhere in it, as the reader resolves them.
  async lostLinks() {
    const { sections } = view.book
    const docs = await Promise.all(sections.map(section => section.createDocument()))
    const lost = []
    let count = 0
    docs.forEach((doc, index) => {
      for (const link of doc.querySelectorAll('a[href]')) {
        const href = link.getAttribute('href')
        if (/^[a-z]+:/i.test(href)) continue
        count += 1
        const found = view.book.resolveHref(sections[index].resolveHref(href))
        if (!found || (href.includes('#') && !found.anchor(docs[found.index]))) lost.push(href)
      }
    })
    return { count, lost }
  },
}

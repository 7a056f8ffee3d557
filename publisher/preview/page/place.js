// Where a reader is on a page, told by words: they are still there when all else has moved.
export const BLOCKS = 'p,h1,h2,h3,h4,h5,h6,li,td,th,dt,dd,pre,caption,figcaption,div'
const SEEN = 12

export const blocksOf = doc => [...doc.querySelectorAll(BLOCKS)]

const words = block => block.textContent.trim().slice(0, 80)

export const capture = doc => {
  const blocks = blocksOf(doc)
  const first = blocks.findIndex(block => block.getBoundingClientRect().bottom > 1 && !block.querySelector(BLOCKS))
  if (first < 0) return null
  return {
    scroll: doc.defaultView.scrollY,
    seen: blocks.slice(first, first + SEEN).map((block, n) => (
      { words: words(block), top: block.getBoundingClientRect().top, number: first + n })),
  }
}

export const restore = (doc, place) => {
  if (!place) return
  const blocks = blocksOf(doc)
  const written = blocks.map(words)
  for (const { words: sought, top, number } of place.seen) {
    if (!sought) continue
    let best = -1
    written.forEach((text, n) => {
      if (text === sought && (best < 0 || Math.abs(n - number) < Math.abs(best - number))) best = n
    })
    if (best >= 0) {
      doc.defaultView.scrollBy(0, blocks[best].getBoundingClientRect().top - top)
      return
    }
  }
  doc.defaultView.scrollTo(0, place.scroll)
}

// What was not there before, so that the eye finds it.
export const freshBlocks = (before, after) => {
  const known = new Set(blocksOf(before).map(block => block.textContent.trim()))
  return blocksOf(after).filter(block => !block.querySelector(BLOCKS) && !known.has(block.textContent.trim()))
}

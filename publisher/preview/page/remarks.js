// Problems beside the text they belong to, and all of them in a list.
import { find, make } from './dom.js'
import { blocksOf } from './place.js'
import * as reader from './reader.js'

const margin = find('margin')
let cards = []

export const problem = (remark, onclick) => make('div', { class: `remark ${remark.severity}` },
  make('p', { class: 'what' }, make('span', { class: 'severity' }, remark.severity), ` ${remark.message}`),
  remark.hint ? make('p', { class: 'hint' }, remark.hint) : null,
  onclick ? make('button', { type: 'button', class: 'where', onclick }, remark.place)
    : make('p', { class: 'where' }, remark.place))

// One card a block, so that ten problems of a paragraph don't push the next one's away.
export const mark = remarks => {
  const doc = reader.document_()
  const blocks = doc ? blocksOf(doc) : []
  for (const block of blocks) delete block.dataset.remark
  const byBlock = new Map()
  for (const remark of remarks) {
    if (!byBlock.has(remark.block)) byBlock.set(remark.block, [])
    byBlock.get(remark.block).push(remark)
  }
  cards = [...byBlock].sort(([one], [other]) => one - other).map(([number, some]) => {
    const block = blocks[number]
    if (block) block.dataset.remark = some[0].severity
    const go = block ? () => flash(block) : null
    return { block, card: make('div', { class: 'card' }, ...some.map(one => problem(one, go))) }
  })
  margin.replaceChildren(...cards.map(({ card }) => card))
  margin.hidden = cards.length === 0
  align()
}

const flash = block => {
  block.scrollIntoView({ block: 'center' })
  delete block.dataset.fresh
  requestAnimationFrame(() => { block.dataset.fresh = '' })
}

// Each card at the height of its block, or as near as those before it leave room.
export const align = () => {
  const down = reader.top() - margin.getBoundingClientRect().top
  let free = -Infinity
  for (const { block, card } of cards) {
    const top = block ? down + block.getBoundingClientRect().top : down
    const place = Math.max(top, free)
    card.style.setProperty('--top', `${Math.round(place)}px`)
    free = place + card.offsetHeight + 8
  }
}

let listed = ''
export const list = (remarks, entries, go) => {
  const titles = new Map(entries.map(entry => [entry.key, entry.title]))
  const wanted = JSON.stringify([remarks, ...titles])
  if (wanted === listed) return
  listed = wanted
  const groups = new Map()
  for (const remark of remarks) {
    const title = titles.get(remark.entry) ?? 'Elsewhere'
    if (!groups.has(title)) groups.set(title, [])
    groups.get(title).push(remark)
  }
  const made = [...groups].map(([title, some]) => make('section', {},
    make('h3', {}, title), ...some.map(one => problem(one, one.entry ? () => go(remarks.indexOf(one)) : null))))
  find('problem-list').replaceChildren(...made.length ? made : [make('p', { class: 'calm' }, 'Nothing is wrong.')])
  const grave = remarks.filter(one => one.severity !== 'note').length
  find('count').textContent = grave || ''
}

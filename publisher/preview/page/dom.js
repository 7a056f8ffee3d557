// Making and finding elements; text goes in as text, never as markup.
export const find = id => document.getElementById(id)

export const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue
    if (key === 'onclick') element.addEventListener('click', value)
    else element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.filter(child => child != null))
  return element
}

export const fetched = async address => {
  const answer = await fetch(address)
  return answer.ok ? answer.json() : null
}

export const draw = () => {}
export const open = () => {}
export const goTo = () => {}
export const attach = () => {}

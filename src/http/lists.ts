export { refreshLists } from '../desk/lists/change-lists.js'

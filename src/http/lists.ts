export { followLists, refreshLists } from '../desk/lists/change-lists.js'

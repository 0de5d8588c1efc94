export { default as RecordsPage } from './RecordsPage.svelte';

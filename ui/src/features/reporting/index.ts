export { default as ReportsPage } from './ReportsPage.svelte';

export { default as FindingsPage } from './FindingsPage.svelte';

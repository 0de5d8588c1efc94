import { mount } from 'svelte';
import { client } from 'tickmark-client';
import './design/tokens.css';
import './design/type.css';
import './design/base.css';
import './design/controls.css';
import App from './app/App.svelte';
import { connect } from './ipc/client';

connect(client);
const target = document.getElementById('window');
if (target) mount(App, { target });

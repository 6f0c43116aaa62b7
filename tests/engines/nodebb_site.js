// Runs the NodeBB of the current folder, and does there what is sent to the second port.
// nodebb_site.js PORT: a POST of [verb, values] answers with the id of what was made.
'use strict';

const http = require('http');
const path = require('path');

const site = process.cwd();
const port = Number(process.argv[2]);
process.argv.length = 2;
require(path.join(site, 'app.js'));

const load = (name) => require(path.join(site, 'src', name));

function call(owner, name, ...values) {
	return new Promise((resolve, reject) => owner[name](...values, (error, result) => (error ? reject(error) : resolve(result))));
}

const users = {};

async function userOf(name) {
	if (!users[name]) {
		users[name] = await call(load('user'), 'create', { username: name });
	}
	return users[name];
}

const verbs = {
	async open() {
		for (const name of ['postDelay', 'initialPostDelay', 'newbiePostDelay', 'postEditDuration']) {
			await call(load('meta').configs, 'set', name, '0');
		}
		return 0;
	},
	async topic({ author, title, text }) {
		const made = await call(load('topics'), 'post', { uid: await userOf(author), cid: 1, title, content: text });
		return made.topicData.tid;
	},
	async post({ author, topic, text, parent }) {
		const made = await call(load('topics'), 'reply', { uid: await userOf(author), tid: topic, content: text, toPid: parent });
		return made.pid;
	},
	async edit({ author, post, text }) {
		await call(load('posts'), 'edit', { uid: await userOf(author), pid: post, content: text });
		return post;
	},
	async remove({ author, post }) {
		await call(load('posts'), 'delete', post, await userOf(author));
		return post;
	},
};

http.createServer((request, response) => {
	const parts = [];
	request.on('data', (part) => parts.push(part));
	request.on('end', async () => {
		try {
			const [verb, values] = JSON.parse(Buffer.concat(parts).toString());
			response.end(String(await verbs[verb](values)));
		} catch (error) {
			response.statusCode = 500;
			response.end(String((error && error.stack) || error));
		}
	});
}).listen(port, '127.0.0.1');

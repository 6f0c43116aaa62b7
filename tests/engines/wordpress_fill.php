<?php
// Does in a WordPress what the lines of its input say, each a JSON list: verb, then its values.
// Prints the id of what each made.
$_SERVER['HTTP_HOST'] = $argv[2];
define('WP_INSTALLING', $argv[3] === 'install');
require $argv[1] . '/wp-load.php';
if ($argv[3] === 'install') {
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install('Le blog des Bocaux Martin', 'lea', 'lea@blog.example', true, '', 'secret');
    update_option('permalink_structure', $argv[4]);
    update_option('timezone_string', 'Europe/Paris');
    update_option('comments_notify', 0);
    update_option('moderation_notify', 0);
    update_option('thread_comments', 1);
    wp_delete_post(1, true);
    wp_delete_post(2, true);
    wp_delete_post(3, true);
    flush_rewrite_rules();
    exit(0);
}
$wpdb->query('START TRANSACTION'); // thousands of posts, one wait for the disk
function local($utc) { return get_date_from_gmt($utc); }
while (($line = fgets(STDIN)) !== false) {
    [$verb, $values] = json_decode($line, true);
    if ($verb === 'post') {
        $id = wp_insert_post(wp_slash([
            'post_title' => $values['title'], 'post_content' => $values['text'],
            'post_status' => $values['status'] ?? 'publish', 'post_author' => 1,
            'post_date_gmt' => $values['at'], 'post_date' => local($values['at']),
        ]), true);
        if (isset($values['modified'])) {
            $wpdb->update($wpdb->posts, [
                'post_modified_gmt' => $values['modified'],
                'post_modified' => local($values['modified']),
            ], ['ID' => $id]);
        }
        echo is_wp_error($id) ? $id->get_error_message() : $id, "\n";
    } elseif ($verb === 'edit') {
        echo wp_update_post(wp_slash(['ID' => $values['id'], 'post_content' => $values['text']])), "\n";
    } elseif ($verb === 'publish') {
        wp_publish_post($values['id']);
        echo $values['id'], "\n";
    } elseif ($verb === 'trash') {
        wp_trash_post($values['id']);
        echo $values['id'], "\n";
    } elseif ($verb === 'comment') {
        echo wp_insert_comment(wp_slash([
            'comment_post_ID' => $values['post'], 'comment_parent' => $values['parent'] ?? 0,
            'comment_author' => $values['author'], 'comment_content' => $values['text'],
            'comment_approved' => $values['approved'] ?? 1,
            'comment_date_gmt' => $values['at'], 'comment_date' => local($values['at']),
        ])), "\n";
    } elseif ($verb === 'approve') {
        wp_set_comment_status($values['id'], 'approve');
        echo $values['id'], "\n";
    } elseif ($verb === 'edit_comment') {
        wp_update_comment(wp_slash(['comment_ID' => $values['id'], 'comment_content' => $values['text']]));
        echo $values['id'], "\n";
    } elseif ($verb === 'option') {
        update_option($values['name'], $values['value']);
        echo "0\n";
    }
}
$wpdb->query('COMMIT');

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.RecurrenceSet;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recurrenceset.Difference;
import org.dmfs.rfc5545.recurrenceset.Merged;
import org.dmfs.rfc5545.recurrenceset.OfList;
import org.dmfs.rfc5545.recurrenceset.OfRule;

/** Expands series with lib-recur; the lines on standard input and output are those of expand_dateutil.py. */
public final class ExpandLibRecur {
    private static final long LIMIT_SECONDS = 5;

    public static void main(String[] arguments) throws Exception {
        ExecutorService worker = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            Callable<String> work = () -> expand(parts);
            Future<String> future = worker.submit(work);
            String answer;
            try {
                answer = future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException error) {
                future.cancel(true);
                answer = "!TimeoutException: took longer than " + LIMIT_SECONDS + " s";
            } catch (Exception error) {
                Throwable cause = error.getCause() == null ? error : error.getCause();
                answer = "!" + cause.getClass().getSimpleName() + ": " + String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
            }
            System.out.println(parts[0] + "\t" + answer);
        }
    }

    private static String expand(String[] parts) throws Exception {
        TimeZone zone = parts[2].isEmpty() ? null : TimeZone.getTimeZone(parts[2]);
        DateTime start = moment(parts[1], zone);
        DateTime horizon = moment(parts[3], zone);
        int most = Integer.parseInt(parts[4]);
        List<RecurrenceSet> added = new ArrayList<>();
        List<RecurrenceSet> removed = new ArrayList<>();
        // Asked for the first times of a rule, whose start it doesn't have yet.
        if (!parts[0].startsWith("?")) added.add(new OfList(start));
        for (String line : parts[5].split("\\|")) {
            String head = line.substring(0, line.indexOf(':'));
            String value = line.substring(line.indexOf(':') + 1);
            String name = head.split(";")[0];
            String tzid = head.contains("TZID=") ? head.replaceAll(".*TZID=([^;]+).*", "$1") : null;
            List<RecurrenceSet> target = name.startsWith("EX") ? removed : added;
            if (name.equals("RRULE") || name.equals("EXRULE")) {
                RecurrenceRule rule = new RecurrenceRule(value, RecurrenceRule.RfcMode.RFC5545_STRICT);
                // As for the other library: an endless rule ends at the horizon, one that ends keeps its own end.
                if (rule.isInfinite()) rule.setUntil(zone == null ? horizon : horizon.shiftTimeZone(DateTime.UTC));
                target.add(new OfRule(rule, start));
            } else {
                for (String one : value.split(",")) target.add(new OfList(moment(one, tzid == null ? zone : TimeZone.getTimeZone(tzid))));
            }
        }
        RecurrenceSet whole = removed.isEmpty() ? new Merged(added) : new Difference(new Merged(added), new Merged(removed));
        TreeSet<Long> found = new TreeSet<>();
        for (DateTime at : whole) {
            if (at.getTimestamp() > horizon.getTimestamp() || found.size() >= most + 200 || Thread.interrupted()) break;
            found.add(at.getTimestamp() / 1000);
        }
        return found.stream().limit(most).map(String::valueOf).collect(Collectors.joining(","));
    }

    private static DateTime moment(String text, TimeZone zone) {
        if (!text.contains("T")) return DateTime.parse(text);
        return text.endsWith("Z") ? DateTime.parse(text) : DateTime.parse(zone, text);
    }
}
